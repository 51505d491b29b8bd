"""The vocabulary and the machine room of Rasad. Imports none of the other rooms."""

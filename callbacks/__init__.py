"""What happens: each module registers its callbacks or routes on an app that is being made."""

"""What is fit for publication: which figures are, and how the others are kept from being worked out of them."""

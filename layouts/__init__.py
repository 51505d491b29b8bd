"""What is on a page: page specifications, shell, filter bar and cards. Everything here builds without a database."""

"""What comes in: contracts, drops, and the files and databases they are made from."""

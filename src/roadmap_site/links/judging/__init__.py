"""What was seen of an address, judged. Nothing here asks anybody."""

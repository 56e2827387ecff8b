"""What is written about the product, and what draws its pictures."""

"""What is said differently: words that tell groups apart, tested by dealing out documents."""

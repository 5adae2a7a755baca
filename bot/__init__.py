"""What is the bot? It carries questions in and quoted answers out."""

"""How does the bot say what became of offered files? Pure, like all rendering: what is said, then a look a surface."""

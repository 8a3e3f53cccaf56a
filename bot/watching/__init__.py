"""How the bot is seen from outside: reference numbers, logs, figures, health. Knows nothing of the other rooms."""

"""Pages that set places and groups beside each other and say who answered: findings in, pages out."""

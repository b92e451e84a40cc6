"""Figures come in from below; what people decide because of them goes out: targets, actions, scorecards."""

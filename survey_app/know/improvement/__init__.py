"""What people decide about charts and places comes in; targets, rebases, marks and scorecards go out."""

"""The door of survey officers: campaigns, lists of people, decisions in; what runs and is due out."""

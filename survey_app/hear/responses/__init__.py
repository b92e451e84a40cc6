"""The single intake: submissions from every channel come in, durably stored responses that settle once go out."""

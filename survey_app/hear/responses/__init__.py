"""The single intake: submissions of every channel come in; stored responses, each settled once, go out."""

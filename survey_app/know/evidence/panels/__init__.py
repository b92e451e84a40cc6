"""What panels judged: closed rounds come in; stored results with spread and change go out."""

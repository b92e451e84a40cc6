"""Released figures come in; stored series with limits, signals and one plain sentence go out."""

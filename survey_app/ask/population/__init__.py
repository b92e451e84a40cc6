"""Places and people come in from files; who lives where, who may be asked and on which number goes out."""

"""The weekly e-mail: what was released for a person's places comes in; one letter a week goes out, once."""

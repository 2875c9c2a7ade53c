"""The reader of replies: invented sentences, generators, training, measuring, and its card."""

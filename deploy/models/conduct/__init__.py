"""The reader of conduct: invented sentences, their variations, training, measuring, and its card."""

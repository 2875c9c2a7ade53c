"""The conduct lexicon as data, its reader, and the labelled sentences it is measured by."""

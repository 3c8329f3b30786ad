"""The rooms of merge_oracle.py: documents as values, edits of them, how each format writes and reads them, and what a merge owes."""

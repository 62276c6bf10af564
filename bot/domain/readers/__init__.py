"""The readers' side: who reports, what they are told of it, and how they contest a decision."""

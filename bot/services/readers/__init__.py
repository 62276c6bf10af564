"""The readers' side: taking their reports, telling them what came of them, hearing who contests."""

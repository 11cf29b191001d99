"""What the strength slider says of stops that are not there."""

TOO_LARGE = "This network is too large to train stops ahead."
BUSY = "Many visitors are training: stops follow when there is time."
FAILED = "The stops could not be trained."


def fewer(trained: int, stops: int) -> str:
    """That of so many stops only some are trained ahead; "" if all are."""
    return "" if trained == stops else f"Of a network this large, {trained} of {stops} stops are trained ahead."

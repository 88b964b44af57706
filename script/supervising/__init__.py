"""The parts of the supervisor. Standard library only, and as little of that as will do: start-up time is a feature."""

"""Public conformance checks: what every source, measure, detector and engine must keep to."""

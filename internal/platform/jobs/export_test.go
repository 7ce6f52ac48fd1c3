package jobs

// OfKind is told to the test of its plan.
const OfKind = ofKind

// Gather is how long after a turn the next one waits for company.
const Gather = gather

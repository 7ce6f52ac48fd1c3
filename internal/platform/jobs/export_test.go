package jobs

// OfKind is told to the test of its plan.
const OfKind = ofKind

// Package jobs runs what has to happen after a commit, at least once, and what
// has to happen at a moment.
//
// A job is a row of jobs_job that [db.Tx.Job] writes in the transaction of the
// change; a timer is a row of jobs_timer, one per (kind, subject), that
// becomes a job when it is due. A [Runner] takes due jobs with a lease,
// extends it while the handler works, deletes what is finished, puts off what
// failed and moves to jobs_dead what failed too often. A runner that dies
// loses its leases after a minute, and another takes its jobs.
//
// A handler whose effect is database work calls [Run.Done] inside its own
// transaction: effect and end of the job are one commit, so the effect comes
// exactly once. Every other effect comes at least once, with the job's id as
// a stable name.
//
// Jobs of one kind that wait together may be taken together
// ([Runner.RegisterTogether]): one transaction for many small effects.
//
// Jobs that reach the outside world are registered with [Outbound]; they stand
// still while a pause is set, as it is after a restore.
package jobs

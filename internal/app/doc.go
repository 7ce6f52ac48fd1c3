// Package app is the composition root: the only place that knows every
// module. It opens what the configuration names, binds the modules' ports to
// each other, registers routes and jobs, and starts and stops it all.
package app

// Package e2e plays people in a browser: a citizen, officers in each role, a
// neighbour, a stranger. Its tests open an installation of their own on a free
// port, with the demonstration's region and a few reports, and look at every
// page with axe-core. Pictures of the pages go to e2e/shots.
package e2e

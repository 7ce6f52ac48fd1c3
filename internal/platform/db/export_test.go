package db

// Gathered tells how many transactions wait for company on PostgreSQL.
func (d *DB) Gathered() int {
	d.pg.groups.mu.Lock()
	defer d.pg.groups.mu.Unlock()
	return len(d.pg.groups.waiting)
}

// Package places is the register of where things are and whose they are:
// territories, localities, streets, addresses (houses) and assets (roads,
// yards, lamps, stops …) with owner, operator and dates of validity.
//
// The register is imported from CSV and GeoJSON by external code; the same
// file twice adds nothing. Every process holds it in memory as an [Index],
// loaded from the database and replaced when the version row says that an
// import has changed something. Search of addresses, look-up of a point's
// territory and owner, and the map are answered from the Index alone.
//
// Invariants:
//   - a code names one thing of its kind for ever; ids are derived from codes,
//     so two installations with one register have the same ids;
//   - an asset's owner and operator are codes of organisations: places knows
//     nothing more of them;
//   - from–to are calendar dates in the zone of the region, From is the first
//     day and To the last on which the row holds; "" is open;
//   - nothing outside the polygons of the territories is accepted as a place.
package places

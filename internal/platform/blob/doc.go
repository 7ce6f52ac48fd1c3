// Package blob keeps attachments: bytes in a folder or an S3 bucket, a row in
// blob_object, and what must happen between an upload and the moment at which
// somebody else sees it.
//
// The way of a file:
//
//   - Upload ([Service.Upload]): streamed to a spool file under a limit, its
//     kind told from its bytes by a closed list ([Kinds]) and compared with its
//     name, archives walked within limits ([Inspect]), pictures decoded to the
//     last pixel within limits of pixels and memory. Then the bytes are
//     stored, then the row is written. A row that is not linked to anything
//     within 24 hours goes.
//   - Processing (job [JobProcess]): scanned over the clamd protocol where a
//     scanner is set; images decoded within pixel limits, turned upright and
//     encoded anew without any metadata, with thumbnails; positions removed from
//     HEIC and video in place.
//   - Serving ([Service.Serve]): until it is clean only the uploader may open
//     it; afterwards everybody gets the cleaned copy, the uploader too. The
//     original of a cleaned file is deleted. Only re-encoded images are shown
//     inline; everything else is a download. The caller decides who may see the
//     thing the file belongs to; this package decides nothing about people.
//   - Deletion waits 48 hours ([Keep]), so that a backup finds every blob of
//     its snapshot; malware is deleted at once.
//
// Invariants: a name in the storage is an HMAC of the content, its owner and
// its row, so it tells nothing and is used once; bytes exist before their row,
// and after it; whatever has no row is found by [Service.Sweep].
package blob

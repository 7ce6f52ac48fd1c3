package blob

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"io"
)

// openable refuses, before anything is stored, a picture that nobody could be
// shown: one whose frame is right and whose content can't be decoded, a HEIC or
// a film whose places and dates can't be found. What the sender could mend is
// told while the sender is there. Pixels and memory are bounded by
// [Inspect], which went before, and by [Service.decode].
func (s *Service) openable(ctx context.Context, f *spooled, found Found) error {
	if found.Kind.Clean == cleanImage {
		free, err := s.decode(ctx, found.Width, found.Height)
		if err != nil {
			return err
		}
		defer free()
	}
	if err := opens(f.file, f.size, found.Kind); err != nil {
		return named(err, found.Name)
	}
	return nil
}

// opens tells whether the content of a kind can be decoded to its last pixel,
// or, of what is not encoded anew, whether its boxes are understood.
func opens(r io.ReaderAt, size int64, k Kind) (err error) {
	switch k.Clean {
	case cleanImage:
		img, err := decoded(r, size, k.Code)
		if err != nil {
			return err
		}
		return checkPixels(img.Bounds().Dx(), img.Bounds().Dy(), 1)
	case cleanISO:
		if _, err := isoPatches(r, size, k.Code); err != nil {
			return damaged(err.Error())
		}
	}
	return nil
}

// decoded is the picture in the content. A broken one is [errs.Invalid]; a
// sound one of a way of writing that the decoder doesn't know is
// [errs.UnsupportedType].
func decoded(r io.ReaderAt, size int64, code string) (img image.Image, err error) {
	defer func() {
		if p := recover(); p != nil { // a decoder that trips over hostile bytes
			img, err = nil, damaged(fmt.Sprint(p))
		}
	}()
	src := &source{r: io.NewSectionReader(r, 0, size)}
	img, err = decode(src, code)
	var foreign jpeg.UnsupportedError
	switch {
	case err == nil:
		return img, nil
	case src.err != nil: // the disk, not the picture
		return nil, unavailable("decode", src.err)
	case errors.As(err, &foreign):
		return nil, refuse("blob.foreign_jpeg")
	}
	return nil, damaged(err.Error())
}

// decode waits until the memory that a picture of w × h takes is free; free
// gives it back. All pictures that are decoded at the same moment share
// [maxDecodeBytes]; a greater one is alone.
func (s *Service) decode(ctx context.Context, w, h int) (free func(), err error) {
	const perPixel = 8 // the picture and what is made of it
	n := min(max(int64(w)*int64(h)*perPixel, 1), maxDecodeBytes)
	if err := s.decoding.Acquire(ctx, n); err != nil {
		return nil, err
	}
	return func() { s.decoding.Release(n) }, nil
}

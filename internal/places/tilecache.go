package places

import (
	"container/list"
	"sync"
)

// tileCache keeps the compressed bytes of the tiles asked for last. It belongs
// to one index, so a changed register starts with an empty one.
type tileCache struct {
	mu    sync.Mutex
	bytes int
	order *list.List // of *tile, the latest first
	byKey map[tileKey]*list.Element
}

type tileKey struct{ z, x, y int }

type tile struct {
	key  tileKey
	data []byte
}

// maxTileBytes bounds what the cache holds.
const maxTileBytes = 6 << 20

func newTileCache() *tileCache {
	return &tileCache{order: list.New(), byKey: map[tileKey]*list.Element{}}
}

func (c *tileCache) get(key tileKey) ([]byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, ok := c.byKey[key]
	if !ok {
		return nil, false
	}
	c.order.MoveToFront(e)
	return e.Value.(*tile).data, true
}

func (c *tileCache) put(key tileKey, data []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, ok := c.byKey[key]; ok {
		return
	}
	c.byKey[key] = c.order.PushFront(&tile{key, data})
	c.bytes += len(data)
	for c.bytes > maxTileBytes {
		last := c.order.Back()
		t := c.order.Remove(last).(*tile)
		delete(c.byKey, t.key)
		c.bytes -= len(t.data)
	}
}

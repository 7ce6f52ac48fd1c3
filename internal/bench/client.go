package bench

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// client is one connection to the server. HTTP/1.1 is written by hand: with
// net/http the load program would take more of the machine than the server.
type client struct {
	addr string // host:port
	conn net.Conn
	r    *bufio.Reader
	body bytes.Buffer // of the last answer, where it was to be kept
}

const answerIn = 30 * time.Second

// answer is what is looked at of an answer.
type answer struct {
	status   int
	location string
	bytes    int
}

func (c *client) dial() error {
	if c.conn != nil {
		return nil
	}
	conn, err := net.DialTimeout("tcp", c.addr, 5*time.Second)
	if err != nil {
		return err
	}
	c.conn, c.r = conn, bufio.NewReaderSize(conn, 64<<10)
	return nil
}

func (c *client) close() {
	if c.conn != nil {
		_ = c.conn.Close() // nothing is lost with it
		c.conn = nil
	}
}

// do sends a whole request and reads the whole answer.
func (c *client) do(request []byte, keep bool) (a answer, err error) {
	if err := c.dial(); err != nil {
		return a, err
	}
	defer func() {
		if err != nil {
			c.close()
		}
	}()
	if err := c.conn.SetDeadline(time.Now().Add(answerIn)); err != nil {
		return a, err
	}
	if _, err := c.conn.Write(request); err != nil {
		return a, err
	}
	return c.read(keep)
}

var errAnswer = errors.New("not an HTTP answer")

func (c *client) read(keep bool) (a answer, err error) {
	line, err := c.r.ReadSlice('\n')
	if err != nil {
		return a, err
	}
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.1 ")) {
		return a, errAnswer
	}
	if a.status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return a, errAnswer
	}
	length, chunked, closes := -1, false, false
	for {
		if line, err = c.r.ReadSlice('\n'); err != nil {
			return a, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		value = bytes.TrimSpace(value)
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return a, errAnswer
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = bytes.EqualFold(value, []byte("chunked"))
		case bytes.EqualFold(name, []byte("Location")):
			a.location = string(value)
		case bytes.EqualFold(name, []byte("Connection")):
			closes = bytes.EqualFold(value, []byte("close"))
		}
	}
	c.body.Reset()
	switch {
	case chunked:
		a.bytes, err = c.chunks(keep)
	case length > 0:
		a.bytes, err = length, c.take(length, keep)
	}
	if err == nil && closes {
		c.close()
	}
	return a, err
}

func (c *client) take(n int, keep bool) error {
	if keep {
		_, err := io.CopyN(&c.body, c.r, int64(n))
		return err
	}
	_, err := c.r.Discard(n)
	return err
}

func (c *client) chunks(keep bool) (total int, err error) {
	for {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			return total, err
		}
		n, err := strconv.ParseInt(string(bytes.TrimRight(line, "\r\n")), 16, 32)
		if err != nil {
			return total, errAnswer
		}
		if err := c.take(int(n), keep); err != nil {
			return total, err
		}
		total += int(n)
		if _, err := c.r.Discard(2); err != nil {
			return total, err
		}
		if n == 0 {
			return total, nil
		}
	}
}

// get writes a GET request as a browser sends it. Without compress the answer
// can be looked into.
func get(host, path, cookie string, compress bool, headers ...string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "GET %s HTTP/1.1\r\nHost: %s\r\nAccept: text/html,*/*\r\nAccept-Language: ru\r\nUser-Agent: okno-bench\r\n", path, host)
	if compress {
		b.WriteString("Accept-Encoding: gzip, deflate, br\r\n")
	}
	if cookie != "" {
		fmt.Fprintf(&b, "Cookie: %s\r\n", cookie)
	}
	for _, h := range headers {
		b.WriteString(h + "\r\n")
	}
	b.WriteString("\r\n")
	return b.Bytes()
}

// post writes a form as a browser sends it from a page of the same origin.
func post(b *bytes.Buffer, host, path, cookie, form string) []byte {
	b.Reset()
	fmt.Fprintf(b, "POST %s HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nAccept: text/html,*/*\r\nAccept-Language: ru\r\n"+
		"Accept-Encoding: gzip, deflate, br\r\nUser-Agent: okno-bench\r\nCookie: %s\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n%s",
		path, host, host, cookie, len(form), form)
	return b.Bytes()
}

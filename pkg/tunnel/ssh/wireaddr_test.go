package ssh_test

import (
	"net"
	"time"
)

func (w *wire) LocalAddr() net.Addr              { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 22} }
func (w *wire) RemoteAddr() net.Addr             { return w.LocalAddr() }
func (w *wire) SetDeadline(time.Time) error      { return nil }
func (w *wire) SetReadDeadline(time.Time) error  { return nil }
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

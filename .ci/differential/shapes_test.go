package differential

import "strings"

// shapes are the headers, bodies and secrets that the table of semantics names, each as a change of a good delivery.
var shapes = []struct {
	name  string
	apply func(*draft)
}{
	{"as sent", func(*draft) {}},
	{"empty header", func(d *draft) { d.parts = nil }},
	{"no t", func(d *draft) { d.parts = d.parts[1:] }},
	{"no v1", func(d *draft) { d.parts = d.parts[:1] }},
	{"v0 only", func(d *draft) { d.edit("v1", func(v string) string { return "v0=" + v }) }},
	{"v1 before t", func(d *draft) { d.parts[0], d.parts[len(d.parts)-1] = d.parts[len(d.parts)-1], d.parts[0] }},
	{"another v1 behind", func(d *draft) { d.parts = append(d.parts, d.forgery()) }},
	{"another v1 before", func(d *draft) { d.parts = append([]string{d.forgery()}, d.parts...) }},
	{"forged", func(d *draft) { d.edit("v1", func(string) string { return d.forgery() }) }},
	{"uppercase hex", func(d *draft) { d.edit("v1", func(v string) string { return "v1=" + strings.ToUpper(v) }) }},
	{"space after comma", func(d *draft) { d.space(func(p, ws string) string { return ws + p }) }},
	{"space before comma", func(d *draft) { d.space(func(p, ws string) string { return p + ws }) }},
	{"white space that is none here", func(d *draft) {
		if len(d.parts) > 0 {
			i := d.rand.IntN(len(d.parts))
			d.parts[i] = pick(d.rand, []string{"\n", "\r\n", "\v", "\u00a0", "\x00"}) + d.parts[i]
		}
	}},
	{"names in upper case", func(d *draft) {
		name := pick(d.rand, []string{"t", "v1"})
		d.edit(name, func(v string) string { return strings.ToUpper(name) + "=" + v })
	}},
	{"space around equals", func(d *draft) {
		d.space(func(p, ws string) string {
			return strings.Replace(p, "=", pick(d.rand, []string{ws + "=", "=" + ws, ws + "=" + ws}), 1)
		})
	}},
	{"trailing comma", func(d *draft) { d.parts = append(d.parts, "") }},
	{"bare token", func(d *draft) { d.insert(pick(d.rand, []string{"v2", "t", "v1", "foo", ""})) }},
	{"unknown scheme", func(d *draft) { d.insert(pick(d.rand, []string{"v2=x", "v0=", "=x", "T=1", "V1=00", "é=ü"})) }},
	{"unknown scheme with more equals signs", func(d *draft) { d.insert(pick(d.rand, []string{"k=a==", "k==", "==", "v2=a=b"})) }},
	{"equals sign behind the hex", func(d *draft) { d.edit("v1", func(v string) string { return "v1=" + v + "=" }) }},
	{"conflicting t", func(d *draft) { d.insert("t=" + pick(d.rand, []string{"1", "946684800", "abc", "", "-5"})) }},
	{"identical t", func(d *draft) { d.edit("t", func(v string) string { d.insert("t=" + v); return "t=" + v }) }},
	{"negative t", func(d *draft) { d.sign(-d.signed) }},
	{"t that is no number", func(d *draft) {
		d.edit("t", func(v string) string {
			return "t=" + pick(d.rand, []string{"abc", "", v + ".5", v + "x", "0x" + v, v + "_0", "0", "1e9"})
		})
	}},
	{"t with zeros or a plus", func(d *draft) {
		d.edit("t", func(v string) string { return "t=" + pick(d.rand, []string{"0", "00", "+", "+0"}) + v })
	}},
	{"t with zeros, a plus or junk, signed as it is written", func(d *draft) {
		d.edit("t", func(v string) string {
			return "t=" + pick(d.rand, []string{"0" + v, "+" + v, v + ".0", v + "x", v + "000"})
		})
		d.signText()
	}},
	{"milliseconds", func(d *draft) { d.sign(d.signed * 1000) }},
	{"microseconds", func(d *draft) { d.sign(d.signed * 1000000) }},
	{"split shift", func(d *draft) {
		d.edit("t", func(v string) string {
			cut := d.rand.IntN(len(d.body) + 1)
			shifted := "t=" + v + "." + d.body[:cut]
			d.body = d.body[cut:]
			return shifted
		})
	}},
	{"future", func(d *draft) { d.sign(d.now.Unix() + pick(d.rand, []int64{301, 600, 86400})) }},
	{"far future", func(d *draft) { d.sign(pick(d.rand, []int64{99_999_999_999, 999_999_999_999})) }},
	{"300 s old", func(d *draft) { d.sign(d.now.Unix() - 300) }},
	{"too old", func(d *draft) { d.sign(d.now.Unix() - pick(d.rand, []int64{301, 600, 86400})) }},
	{"tolerance 0", func(d *draft) { d.tolerance = 0 }},
	{"v1 that is no signature", func(d *draft) {
		d.edit("v1", func(v string) string {
			return "v1=" + pick(d.rand, []string{"", v[:len(v)/2], v[:len(v)/3], v + "00", v + "g", v + "\xe9"})
		})
	}},
	{"v1 that is no signature beside it", func(d *draft) { d.insert("v1=" + pick(d.rand, []string{"", "00", "0", "zz"})) }},
	{"long header", func(d *draft) {
		d.insert("x=" + strings.Repeat("x", pick(d.rand, []int{8000, 8100, 8192, 8193, 64 << 10})))
	}},
	{"many v1", func(d *draft) {
		for range pick(d.rand, []int{13, 14, 15, 16, 100}) {
			d.insert(d.forgery())
		}
	}},
	{"many parts", func(d *draft) {
		for range pick(d.rand, []int{60, 62, 63, 64}) {
			d.insert("k=v")
		}
	}},
	{"body changed", func(d *draft) {
		d.body = pick(d.rand, []string{d.body + "\n", d.body + " ", "\ufeff" + d.body, d.body + "}"})
	}},
	{"another secret", func(d *draft) {
		d.secret = pick(d.rand, []string{d.secret + "\n", " " + d.secret, `"` + d.secret + `"`, d.secret + "x"})
	}},
	{"empty secret", func(d *draft) { d.secret = ""; d.sign(d.signed) }},
}

// space lays white space into one part.
func (d *draft) space(lay func(part, white string) string) {
	if len(d.parts) > 0 {
		i := d.rand.IntN(len(d.parts))
		d.parts[i] = lay(d.parts[i], pick(d.rand, []string{" ", "\t", "  "}))
	}
}

// mutate changes a few bytes of the finished header, mostly to those that mean something in it.
func (d *draft) mutate(header string) string {
	bytes := []byte(header)
	for range 1 + d.rand.IntN(3) {
		at := d.rand.IntN(len(bytes) + 1)
		c := pick(d.rand, []byte(",,==  \ttv10+-.5aF_\n\x00\xa0"))
		switch d.rand.IntN(4) {
		case 0:
			bytes = append(bytes[:at], append([]byte{c}, bytes[at:]...)...)
		case 1:
			bytes = append(bytes[:at:at], bytes[min(at+1, len(bytes)):]...)
		case 2:
			bytes = append(bytes[:at:at], append([]byte{c}, bytes[min(at+1, len(bytes)):]...)...)
		default:
			if at < len(bytes) {
				bytes[at] ^= 1 << d.rand.IntN(8)
			}
		}
	}
	return string(bytes)
}

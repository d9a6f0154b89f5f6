package main

// What several rows are set beside.
const (
	stripeSDK  = "stripe-go"
	reusedHMAC = "one reused HMAC"
	bareSink   = "bare net/http sink"
	openSSH    = "ssh -R of OpenSSH"
	noTunnel   = "no tunnel"
	cobraAlone = "cobra alone"
)

// comparisons are all there are, in the order of the table.
func comparisons() []comparison {
	return []comparison{
		verify(), verifyBulk(), explain(), load(), receive(), listen(), history(), memory(), tunnel(), startup(), size(),
	}
}

func verify() comparison {
	own := "Verify/ratio pbhook-ns"
	return comparison{
		name: "verify",
		by:   goBench{dir: ".ci/differential", pkg: ".", name: "Verify", benchtime: "1s", short: "200ms", versions: stripeVersion},
		rows: []row{
			{work: "verify an event of 300 bytes", peer: stripeSDK, own: own, other: "Verify/ratio sdk-ns", show: nanoseconds, target: atMost(0.45)},
			{work: "verify, allocations", peer: stripeSDK, own: "Verify/pbhook allocs/op", other: "Verify/sdk allocs/op",
				show: allocations, target: atMostItself(2, allocations)},
			{work: "verify, beside its limit", peer: reusedHMAC, own: own, other: "Verify/ratio hmac-ns", show: nanoseconds},
		},
	}
}

func verifyBulk() comparison {
	return comparison{
		name: "verify-bulk",
		by:   goBench{pkg: "./pkg/capture", name: "VerifyBulk", benchtime: "5x", short: "2x"},
		rows: []row{{
			work: "read and verify 100,000 captures", peer: reusedHMAC, own: "VerifyBulk events/s", other: "VerifyBulk raw/s",
			show: perSecond, target: atLeast(0.5),
		}},
	}
}

func explain() comparison {
	return comparison{
		name: "explain",
		by: goBench{
			pkg: "./pkg/forensics", name: "ExplainNothingFound", benchtime: "1s", short: "200ms", env: []string{"GOMAXPROCS=1"},
		},
		rows: []row{{
			work: "search every cause of a wrong signature, body of 1 KB, one core", own: "ExplainNothingFound/1_KB ns/op",
			show: nanoseconds, target: atMostItself(150e6, nanoseconds),
		}},
	}
}

func load() comparison {
	const work = "send over 50 connections"
	return comparison{
		name: "load",
		by:   measurerFunc(measureLoad),
		rows: []row{
			{work: work, peer: "vegeta", own: "pbhook", other: "vegeta", show: perSecond, target: atLeast(1.5)},
			{work: work, peer: "hey", own: "pbhook", other: "hey", show: perSecond, target: atLeast(1)},
			{work: work + ", beside its limit", peer: "wrk", own: "pbhook", other: "wrk", show: perSecond},
		},
	}
}

func receive() comparison {
	sink := "Receive sink/s"
	return comparison{
		name: "receive",
		by:   goBench{pkg: "./pkg/receiver", name: "Receive", benchtime: "20x", short: "5x"},
		rows: []row{
			{work: "accept, verify, answer", peer: bareSink, own: "Receive verified/s", other: sink, show: perSecond, target: atLeast(0.8)},
			{work: "accept, verify, hold to the schema, answer", peer: bareSink, own: "Receive validated/s", other: sink, show: perSecond},
		},
	}
}

func listen() comparison {
	sink := "Listen sink/s"
	return comparison{
		name: "listen",
		by:   goBench{pkg: "./cmd", name: "Listen", benchtime: "4x", short: "1x"},
		rows: []row{
			{work: "accept, verify, have on disk, answer", peer: bareSink, own: "Listen durable/s", other: sink, show: perSecond, target: atLeast(0.4)},
			{work: "all of it: `pbhook listen`", peer: bareSink, own: "Listen listen/s", other: sink, show: perSecond},
		},
	}
}

func history() comparison {
	return comparison{
		name: "history",
		by:   goBench{pkg: "./pkg/history", name: "Add", benchtime: "3x", short: "1x"},
		rows: []row{{
			work: "have records on disk, from 50 goroutines", peer: "one goroutine", own: "Add 50parallel/s", other: "Add alone/s", show: perSecond,
		}},
	}
}

func memory() comparison {
	const early = "after three tenths of them"
	return comparison{
		name: "memory",
		by:   measurerFunc(measureMemory),
		rows: []row{
			{work: "memory of `pbhook listen` after many events", peer: early, own: "events last", other: "events third",
				show: megabytes, target: atMost(1.5)},
			{work: "memory of `pbhook listen` after many bodies of 1 MiB", peer: early, own: "large last", other: "large third",
				show: megabytes, target: atMost(1.5)},
		},
	}
}

func tunnel() comparison {
	const (
		parallel = "through an SSH tunnel, 50 in parallel"
		alone    = "through an SSH tunnel, one at a time, p50"
		many     = "BesideOpenSSH/parallel=50 "
		one      = "BesideOpenSSH/parallel=1 "
	)
	return comparison{
		name: "tunnel",
		by: goBench{
			pkg: "./pkg/tunnel/ssh", name: "BesideOpenSSH", benchtime: "5x", short: "2x", tags: "e2e", versions: openSSHVersion,
		},
		rows: []row{
			{work: parallel, peer: openSSH, own: many + "pbhook/s", other: many + "ssh-R/s", show: perSecond, target: atLeast(1)},
			{work: parallel + ", beside its limit", peer: noTunnel, own: many + "pbhook/s", other: many + "direct/s", show: perSecond},
			{work: alone, peer: openSSH, own: one + "pbhook-p50-ms", other: one + "ssh-R-p50-ms", show: milliseconds, target: atMost(1)},
			{work: alone + ", beside its limit", peer: noTunnel, own: one + "pbhook-p50-ms", other: one + "direct-p50-ms", show: milliseconds},
		},
	}
}

func startup() comparison {
	return comparison{
		name: "startup",
		by:   measurerFunc(measureStartup),
		rows: []row{
			{work: "`pbhook --version`", peer: cobraAlone, own: "pbhook --version elapsed", other: "bare --version elapsed",
				show: milliseconds, target: atMost(1.5)},
			{work: "`pbhook --version`, time of the processor", peer: cobraAlone, own: "pbhook --version cpu", other: "bare --version cpu",
				show: milliseconds, target: atMost(1.5)},
			{work: "`pbhook send --help`, beside `--version`", peer: cobraAlone, own: "pbhook send --help elapsed", other: "bare --version elapsed",
				show: milliseconds},
		},
	}
}

func size() comparison {
	return comparison{
		name: "size",
		by:   measurerFunc(measureSize),
		rows: []row{{work: "binary as released, for this machine", own: "size", show: megabytes, target: atMostItself(30e6, megabytes)}},
	}
}

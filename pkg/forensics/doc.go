// Package forensics finds out why the signature of a webhook delivery fails, and proves it.
//
// A signature is a keyed hash, so a failed one says nothing by itself. But the mistakes that make signatures fail are
// few and well known: the body was parsed and written again, a line break was added, the secret was trimmed or decoded,
// t is in milliseconds. [Explain] undoes each of them, alone and two at a time, and computes the signature anew. When
// that is the one in the header, the mistake is proven, and the body as it was signed is known byte for byte:
//
//	report, err := forensics.Explain(ctx, forensics.CaseOf(request), forensics.Options{
//		Secrets: []forensics.NamedSecret{{Name: "current", Secret: secret}},
//		Now:     time.Now(),
//	})
//	…
//	if report.Proven != nil {
//		fmt.Println(report.Proven.Cause) // "a line break was added at the end of the body after it was signed"
//	}
//
// What can only be inferred, from a length that differs or from a clock that is an hour off, is kept apart in
// [Report.Likely]. When there is neither, [Report.Tried] tells what was ruled out. Where there is nothing to search for,
// because the signature holds or is missing, [InferTime] and [InferMissing] tell what is likely. A report holds no secret, and no
// signature that the header did not hold already.
package forensics

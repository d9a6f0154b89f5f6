package cmd

import "github.com/spf13/cobra"

// check refuses combinations that no run could satisfy, and flags that would have no effect.
func (o *sendOptions) check(c *cobra.Command, args []string) error {
	switch {
	case len(args) == 0 && o.payload.scenario == "" && o.secrets.current.text != "":
		return usagef(c, "name an event type to send; what follows --secret was taken as the secret")
	case len(args) == 0 && o.payload.scenario == "":
		return usagef(c, "name an event type to send, such as certificate.minted")
	case len(args) > 0 && o.payload.scenario != "":
		return usagef(c, "--scenario tells which events are sent; it takes no %q", args[0])
	case len(o.payload.params) > 0 && o.payload.scenario == "":
		return usagef(c, "--param sets the parameters of a scenario; name one with --scenario")
	case o.payload.scenario != "" && o.load.wanted():
		return usagef(c, "a scenario is a story and no load; leave out --count and --duration")
	case o.payload.pristine && o.payload.fresh:
		return usagef(c, "--pristine and --fresh contradict each other")
	case o.payload.data == "" && c.Flags().Changed("data"):
		return usagef(c, "--data is empty; it takes a JSON object, @FILE or -")
	case o.try.duplicate < 1 || o.try.duplicate > maxDuplicates:
		return usagef(c, "--duplicate is %d; it takes 1 to %d", o.try.duplicate, maxDuplicates)
	case o.load.concurrency < 1:
		return usagef(c, "--concurrency is %d; it takes at least one", o.load.concurrency)
	case !o.dry.on && c.Flags().Changed("print"):
		return usagef(c, "--print is the form of a dry run; add --dry-run, or nothing is printed and all is sent")
	case o.dry.on && o.start.wanted():
		return usagef(c, "a dry run sends nothing; leave out --start")
	}
	if err := o.start.check(c); err != nil {
		return err
	}
	if err := o.checkStdin(c, args); err != nil {
		return err
	}
	return o.checkLoad(c)
}

// checkStdin refuses a second reader of stdin, which would find it empty.
func (o *sendOptions) checkStdin(c *cobra.Command, args []string) error {
	var readers []string
	for _, arg := range args {
		if arg == "-" {
			readers = append(readers, "EVENT")
		}
	}
	if o.payload.data == "-" {
		readers = append(readers, "--data")
	}
	if o.secrets.file == "-" {
		readers = append(readers, "--secret-file")
	}
	if len(readers) > 1 {
		return stdinTwice(c, readers[0], readers[1])
	}
	return nil
}

// checkLoad refuses what a load leaves out, and a budget without one.
func (o *sendOptions) checkLoad(c *cobra.Command) error {
	budget := c.Flags().Changed("max-p95") || c.Flags().Changed("max-errors")
	switch {
	case budget && !o.load.wanted():
		return usagef(c, "--max-p95 and --max-errors judge a load; say how much with --count or --duration")
	case c.Flags().Changed("max-p95") && o.load.maxP95 <= 0:
		return usagef(c, "--max-p95 is %v; it takes a duration above 0", o.load.maxP95)
	case o.load.wanted() && o.dry.on:
		return usagef(c, "a dry run prints each event once; leave out --count, --duration and --rate")
	case o.load.wanted() && !o.load.ends():
		return usagef(c, "--rate says how fast, and the run would never end; say how much with --count or --duration")
	case o.load.wanted() && c.Flags().Changed("duplicate"):
		return usagef(c, "a load gives each event an id of its own; leave out --duplicate")
	}
	for _, name := range []string{"retries", "schedule", "jitter", "time-scale"} {
		if o.load.wanted() && c.Flags().Changed(name) {
			return usagef(c, "a load is not retried; leave out --%s", name)
		}
	}
	return nil
}

package event

import "time"

// BulkJobStarted is the data of a bulk_job.started event.
type BulkJobStarted struct {
	JobID      string    `json:"jobId"`
	TotalCount int       `json:"totalCount"`
	StartedAt  time.Time `json:"startedAt"`
}

// BulkJobCompleted is the data of a bulk_job.completed event: SuccessCount and FailedCount add up to TotalCount.
type BulkJobCompleted struct {
	JobID        string       `json:"jobId"`
	TotalCount   int          `json:"totalCount"`
	SuccessCount int          `json:"successCount"`
	FailedCount  int          `json:"failedCount"`
	VoucherLinks VoucherLinks `json:"voucherLinks"`
	CompletedAt  time.Time    `json:"completedAt"`
}

// VoucherLinks are the claim URLs of a bulk job's vouchers.
type VoucherLinks struct {
	All     []string `json:"voucher_all"`
	Success []string `json:"voucher_success"`
}

// BulkJobFailed is the data of a bulk_job.failed event.
type BulkJobFailed struct {
	JobID    string    `json:"jobId"`
	Error    string    `json:"error"`
	FailedAt time.Time `json:"failedAt"`
}

package event

import "slices"

// Type names a kind of event, such as "certificate.minted". Types that Pocketbook adds later are as good as these:
// their events decode with [Unknown] data.
type Type string

// The event types of the Pocketbook webhook guide, section Webhook Events.
const (
	TypeCertificateCreated     Type = "certificate.created"
	TypeCertificateMinted      Type = "certificate.minted"
	TypeCertificateTransferred Type = "certificate.transferred"
	TypeCertificateBurned      Type = "certificate.burned"
	TypeVoucherCreated         Type = "voucher.created"
	TypeVoucherMinted          Type = "voucher.minted"
	TypeVoucherExpired         Type = "voucher.expired"
	TypeBulkJobStarted         Type = "bulk_job.started"
	TypeBulkJobCompleted       Type = "bulk_job.completed"
	TypeBulkJobFailed          Type = "bulk_job.failed"
)

// Types returns the ten documented event types in the guide's order. The slice is the caller's own.
func Types() []Type {
	return []Type{
		TypeCertificateCreated, TypeCertificateMinted, TypeCertificateTransferred, TypeCertificateBurned,
		TypeVoucherCreated, TypeVoucherMinted, TypeVoucherExpired,
		TypeBulkJobStarted, TypeBulkJobCompleted, TypeBulkJobFailed,
	}
}

// Documented reports whether t is one of [Types].
func (t Type) Documented() bool { return slices.Contains(Types(), t) }

// newData returns a pointer to the zero payload of t, or nil for a type that is not documented.
func (t Type) newData() any {
	switch t {
	case TypeCertificateCreated:
		return new(CertificateCreated)
	case TypeCertificateMinted:
		return new(CertificateMinted)
	case TypeCertificateTransferred:
		return new(CertificateTransferred)
	case TypeCertificateBurned:
		return new(CertificateBurned)
	case TypeVoucherCreated:
		return new(VoucherCreated)
	case TypeVoucherMinted:
		return new(VoucherMinted)
	case TypeVoucherExpired:
		return new(VoucherExpired)
	case TypeBulkJobStarted:
		return new(BulkJobStarted)
	case TypeBulkJobCompleted:
		return new(BulkJobCompleted)
	case TypeBulkJobFailed:
		return new(BulkJobFailed)
	}
	return nil
}

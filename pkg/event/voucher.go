package event

import "time"

// VoucherCreated is the data of a voucher.created event.
type VoucherCreated struct {
	VoucherID       string    `json:"voucherId"`
	CertificateID   string    `json:"certificateId"`
	ReferenceNumber string    `json:"referenceNumber"`
	Expiry          Expiry    `json:"expiry"`
	Metadata        Metadata  `json:"metadata"` // documented members: VoucherMetadata
	ClaimURL        string    `json:"claimUrl"`
	CreatedAt       time.Time `json:"createdAt"`
}

// VoucherMinted is the data of a voucher.minted event.
type VoucherMinted struct {
	VoucherID       string    `json:"voucherId"`
	CertificateID   string    `json:"certificateId"`
	ReferenceNumber string    `json:"referenceNumber"`
	MintedBy        string    `json:"mintedBy"` // EVM address
	TransactionHash string    `json:"transactionHash"`
	MintedAt        time.Time `json:"mintedAt"`
}

// VoucherExpired is the data of a voucher.expired event.
type VoucherExpired struct {
	VoucherID       string    `json:"voucherId"`
	CertificateID   string    `json:"certificateId"`
	ReferenceNumber string    `json:"referenceNumber"`
	ExpiredAt       time.Time `json:"expiredAt"`
}

// VoucherMetadata has the members of a voucher's metadata that the guide shows; read it with [Metadata.Into].
type VoucherMetadata struct {
	RecipientEmail string `json:"recipientEmail"`
	RecipientName  string `json:"recipientName"`
}

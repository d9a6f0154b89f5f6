package event

import "time"

// CertificateCreated is the data of a certificate.created event.
type CertificateCreated struct {
	CertificateID string    `json:"certificateId"`
	Name          string    `json:"name"`
	Description   string    `json:"description"`
	ImageURL      string    `json:"imageUrl"`
	Owner         string    `json:"owner"`    // EVM address
	Metadata      Metadata  `json:"metadata"` // documented members: CertificateMetadata
	CreatedAt     time.Time `json:"createdAt"`
}

// CertificateMinted is the data of a certificate.minted event.
type CertificateMinted struct {
	CertificateID   string    `json:"certificateId"`
	TokenID         string    `json:"tokenId"` // decimal, beyond 64 bits
	TransactionHash string    `json:"transactionHash"`
	Owner           string    `json:"owner"` // EVM address
	MintedAt        time.Time `json:"mintedAt"`
}

// CertificateTransferred is the data of a certificate.transferred event.
type CertificateTransferred struct {
	CertificateID   string    `json:"certificateId"`
	TokenID         string    `json:"tokenId"` // decimal, beyond 64 bits
	From            string    `json:"from"`    // EVM address
	To              string    `json:"to"`      // EVM address
	TransactionHash string    `json:"transactionHash"`
	TransferredAt   time.Time `json:"transferredAt"`
}

// CertificateBurned is the data of a certificate.burned event.
type CertificateBurned struct {
	CertificateID   string    `json:"certificateId"`
	TokenID         string    `json:"tokenId"` // decimal, beyond 64 bits
	TransactionHash string    `json:"transactionHash"`
	BurnedAt        time.Time `json:"burnedAt"`
}

// CertificateMetadata has the members of a certificate's metadata that the guide shows; read it with [Metadata.Into].
type CertificateMetadata struct {
	Category   string      `json:"category"`
	Attributes []Attribute `json:"attributes"`
}

// Attribute is one trait of a certificate. Value is a string, a json.Number or a bool.
type Attribute struct {
	TraitType string `json:"trait_type"`
	Value     any    `json:"value"`
}

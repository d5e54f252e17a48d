"""The ledger of money and goods: funds and their restrictions, receipts, reservations, purchases, consumption."""

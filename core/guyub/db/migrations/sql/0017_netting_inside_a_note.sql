-- What one line of a note saves may pay for a dearer line of the same fund in the same note (76_netting.sql keeps the bounds).
INSERT INTO guyub.transfer_rule VALUES ('purchase', 'cash', 'cash_reserved');

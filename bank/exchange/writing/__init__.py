"""Writing banks to the files of others: QTI, Moodle, GIFT, Excel, Word; what a format cannot hold is said, item by item."""
